"""Installs a stand-in for vLLM: a small server that answers, dies or never comes, as told."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.runs import dataset, write_config, write_words

MODULE = 'vllm/entrypoints/openai/api_server.py'

SERVER = '''
"""Tells its arguments in served.log, a line a start, and then does what STUB says."""
import json, os, re, signal, subprocess, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

flags = dict(zip(sys.argv[1::1], sys.argv[2::1]))
with open('served.log', 'a') as log:
    log.write(json.dumps(sys.argv[1:]) + '\\n')
num_starts = len(open('served.log').readlines())
mode = os.environ.get('STUB', '')
if mode == 'dies at once':
    sys.exit('ValueError: the stub has no memory')
sleep = [sys.executable, '-S', '-c', 'import time; time.sleep(60)']
subprocess.Popen(sleep)
subprocess.Popen(sleep, start_new_session=True)
if mode == 'stubborn':
    signal.signal(signal.SIGINT, signal.SIG_IGN)
if mode == 'never ready':
    time.sleep(60)
num_asked = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.answer(200, {'data': []})

    def do_POST(self):
        global num_asked
        asked = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        num_asked += 1
        if mode == 'dies midway' and num_asked > 4 and num_starts == 1:
            os._exit(9)
        if mode == 'dies always' and num_asked > 1:
            os._exit(9)
        if mode == 'hangs' and num_asked > 4:
            time.sleep(60)
        if asked['model'] != flags['--served-model-name']:
            return self.answer(404, {'error': {'message': 'no such model'}})
        words = re.findall(r'word\\d+', asked['messages'][-1]['content'])
        judged = re.search(r'G (\\w+) P \\[(\\w+)\\]', asked['messages'][-1]['content'])
        verdict = 'BA'[judged[1] == judged[2]] if judged else ''
        message = {'role': 'assistant', 'content': verdict or (words[-1] if words else 'none')}
        choice = {'index': 0, 'message': message, 'finish_reason': 'stop'}
        usage = {'prompt_tokens': 7, 'completion_tokens': 3}
        self.answer(200, {'model': asked['model'], 'choices': [choice], 'usage': usage})

    def log_message(self, *_):
        pass


ThreadingHTTPServer((flags['--host'], int(flags['--port'])), Handler).serve_forever()
'''


def install(folder: Path) -> dict[str, str]:
    """Write the stand-in, a model and a config; return the environment that finds the stand-in."""
    path = folder / 'stub' / MODULE
    path.parent.mkdir(parents=True)
    path.write_text(SERVER)
    # Another name of this Python, beside which no package is found but the stand-in.
    python = folder / 'stub' / 'python'
    python.symlink_to(Path(sys.executable).resolve())
    (folder / 'llama').mkdir()
    (folder / 'llama' / 'config.json').write_text('{"model_type": "llama"}')
    write_words(folder)
    write_config(folder, [hugging_face()], [dataset()])
    paths = os.pathsep.join([str(folder / 'stub'), os.environ.get('PYTHONPATH', '')])
    return {'EVALKIT_PYTHON_VLLM': str(python), 'PYTHONPATH': paths}


def hugging_face(**keys: Any) -> dict[str, Any]:
    """Return the config of the model that is served."""
    return {
        'type': 'evalkit.models.HuggingFacewithChatTemplate',
        'abbr': 'llama-hf',
        'path': 'llama',
        'max_out_len': 8,
        **keys,
    }


def starts(folder: Path) -> list[list[str]]:
    """Return the arguments of each start of the server."""
    path = folder / 'served.log'
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
