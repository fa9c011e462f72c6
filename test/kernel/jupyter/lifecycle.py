"""Interrupts a busy loop by message and by signal, restarts, and shuts down; prints what came of each."""

import sys
import time

from jupyter_client.manager import KernelManager


def run(kc, code):
    """The content of the reply."""
    return kc.execute_interactive(code, timeout=60, output_hook=lambda msg: None)["content"]


def interrupted(km, kc):
    asked = kc.execute("console.log('begun'); for (;;) {}")
    while True:
        msg = kc.get_iopub_msg(timeout=60)
        if msg["msg_type"] == "stream" and msg["parent_header"].get("msg_id") == asked:
            break
    km.interrupt_kernel()
    while True:
        reply = kc.get_shell_msg(timeout=60)
        if reply["parent_header"]["msg_id"] == asked:
            return reply["content"]["ename"]


km = KernelManager(kernel_name="nascope")
km.start_kernel()
kc = km.client()
kc.start_channels()
kc.wait_for_ready(timeout=60)
for mode in ("message", "signal"):
    km.kernel_spec.interrupt_mode = mode
    print(f"{mode}: {interrupted(km, kc)}")
    answer = run(kc, "const two = 2;")
    print(f"{mode}: alive {2 if answer['status'] == 'ok' else answer}")
km.restart_kernel()
kc.wait_for_ready(timeout=60)
print(f"restarted: {run(kc, 'const fresh = 1;')['execution_count']}")
process = km.provisioner.process
kc.stop_channels()
km.shutdown_kernel()
for _ in range(100):
    if process.poll() is not None:
        break
    time.sleep(0.05)
print(f"ended with exit code {process.poll()}")
sys.exit(0)
