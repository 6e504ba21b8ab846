"""What a judge is asked who knows the right answer: whether another one says the same."""

judge_role = 'You check answers against a reference, and say nothing but your verdict.'

same_answer_template = """
Does the candidate's answer mean the same as the reference? The reference is right; do not solve
the question yourself.

* Only the final answer counts, not how it was found, in which words or in which notation.
* Numbers and formulas are the same if they are equal, with or without a \\boxed{} around them.
* Where several things are asked for, all of them must be there and no wrong one beside them.
* An answer that is missing, or that does not commit itself, is not the same.

<question>
{question}
</question>

<reference>
{reference}
</reference>

<candidate>
{prediction}
</candidate>

Reply with one letter and nothing else:
A: CORRECT (it means the same)
B: INCORRECT (it does not)
""".strip()
