"""What a judge is asked about a short fact: right, wrong, or not attempted."""

short_fact_template = """
Compare a predicted answer with the right one, and grade it.

CORRECT: it has all of the right answer that the question asks for, and nothing in it contradicts
that. Spelling of names, order, politeness and doubts ("I think") do not matter. A number must agree
to the last digit of the right answer.
INCORRECT: something in it contradicts the right answer, even where it is hedged, or where it is one
of several guesses.
NOT_ATTEMPTED: the right answer is not in it, and nothing in it contradicts that: it says that it
does not know, asks back, or stays so vague that it can be neither right nor wrong.

Question: {problem}
Right answer: {answer}
Predicted answer: {prediction}

Reply with one letter and nothing else:
A: CORRECT
B: INCORRECT
C: NOT_ATTEMPTED
""".strip()
