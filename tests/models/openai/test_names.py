"""Other names of OpenCompass for a chat behind an API."""

from evalkit.config import resolve_type
from evalkit.models import OpenAI, OpenAISDK, OpenAISDKStreaming
from tests.models.openai.ask import QUICK, ask
from tests.models.openai.fault_server import FaultServer, stream

THOUGHT = {'choices': [{'delta': {'reasoning_content': 'Two and two'}}]}
ANSWER = {'choices': [{'delta': {'content': '4'}, 'finish_reason': 'stop'}]}


def test_the_class_that_opencompass_had_before_its_sdk_is_the_same() -> None:
    assert OpenAI is OpenAISDK
    assert resolve_type('opencompass.models.OpenAI') is OpenAISDK


def test_the_streaming_class_asks_for_streams() -> None:
    with FaultServer(lambda _: stream(THOUGHT, ANSWER, '[DONE]')) as server:
        model = OpenAISDKStreaming(
            **QUICK, openai_api_base=server.base, stream_chunk_size=4, verbose=True
        )
        answer = ask(model)['q0']
    assert server.asked[0].body['stream'] is True
    assert answer.text == 'Two and two</think>4'


def test_what_only_tells_or_cuts_the_stream_is_no_part_of_the_identity() -> None:
    assert {'stream_chunk_size', 'finish_reason_confirm', 'verbose'} <= (
        OpenAISDKStreaming.TRANSPORT_KEYS
    )
