"""Our kernel before the protocol's own test suite (jupyter_kernel_test). The environment names where its spec is."""

import jupyter_kernel_test


class NascopeKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "nascope"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    code_generate_error = "throw new RangeError('on purpose')"
    code_clear_output = "console.clear()"
    code_inspect_sample = "console.log"

    completion_samples = [
        {"text": "Math.ab", "matches": ["abs"]},
        {"text": "[1, 2].findI", "matches": ["findIndex"]},
    ]
    complete_code_samples = ["1", "const a: number = 1;", "function f(x) { return x * 2; }", ""]
    incomplete_code_samples = ["function f(", "const o = {", "`text", "if (true) {"]
    invalid_code_samples = ["const = 3", "1 +* 2", "}"]

    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "Promise.resolve('text')", "result": "text"},
        {"code": "[{ net: 'a', tau: 0.5 }]", "mime": "text/html"},
        {"code": "6 * 7", "result": "42"},
        {"code": "6 * 7", "result": "42"},
    ]
    code_display_data = [
        {"code": "import { display } from 'tslab';\ndisplay.html('<b>b</b>')", "mime": "text/html"},
        {"code": "import * as lab from 'nascope';\nlab.show([{ a: 1 }])", "mime": "text/html"},
        {"code": "lab.show([{ a: 1 }])", "mime": "text/plain"},
    ]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 ? 7"

    emptying = False

    @classmethod
    def setUpClass(cls):
        """What follows a reply is waited for a tenth of a second by the suite; a busy machine may take longer."""
        super().setUpClass()
        for channel in (cls.kc.shell_channel, cls.kc.iopub_channel):
            channel.get_msg = cls.patient(channel.get_msg)

    @classmethod
    def patient(cls, get_msg):
        def get(timeout=None):
            return get_msg(timeout=timeout if timeout is None or cls.emptying else max(timeout, 60))

        return get

    def flush_channels(self):
        """Here nothing is expected, and the suite's own short wait is right."""
        type(self).emptying = True
        try:
            super().flush_channels()
        finally:
            type(self).emptying = False

    # Does not apply: a pager is a pane of IPython; TypeScript has no syntax that asks for one.
    code_page_something = ""


class NascopeWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "nascope"
    support_iopub_welcome = True
