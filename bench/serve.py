"""Serves on a port as `samkraft serve` does, with the settings of the environment: `python -m bench.serve PORT`."""

import sys

import uvicorn

uvicorn.run(
    "samkraft.config.asgi:application",
    host="127.0.0.1",
    port=int(sys.argv[1]),
    log_level="error",
    access_log=False,
    proxy_headers=False,
    server_header=False,
    timeout_keep_alive=600,
)
