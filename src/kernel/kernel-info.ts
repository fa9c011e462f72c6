import { type JsonObject, PROTOCOL_VERSION } from './jupyter-wire.js';
import { packageVersion } from './provided-packages.js';

/** What the kernel says of itself. */
export function kernelInfo(): JsonObject {
  return {
    status: 'ok',
    protocol_version: PROTOCOL_VERSION,
    implementation: 'nascope',
    implementation_version: packageVersion,
    language_info: {
      name: 'typescript',
      version: '5.0.4',
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      // JupyterLab goes by `mode`, the classic notebook by `name` and `typescript`.
      codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true },
      nbconvert_exporter: 'script',
    },
    banner: `NAScope ${packageVersion}: TypeScript on tslab, Node ${process.versions.node}`,
    help_links: [],
    debugger: false,
    supported_features: [],
  };
}
