import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeAtomically } from '../data/atomic-write.js';
import { kernelMain } from './kernel-process.js';

/** What Jupyter needs to know to start the kernel; the fields are those of its `kernel.json`. */
export interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly interrupt_mode: 'message' | 'signal';
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Where Jupyter looks for kernels: this user's folder, or below a prefix such as a Python environment. */
export type SpecPlace = 'user' | { readonly prefix: string };

const NAME = 'nascope';

/** The spec of this very installation: this Node, these files. */
export function kernelSpec(): KernelSpec {
  return {
    argv: [process.execPath, kernelMain, '{connection_file}'],
    display_name: 'NAScope (TypeScript, tslab)',
    language: 'typescript',
    interrupt_mode: 'message',
    metadata: { debugger: false },
  };
}

/** Makes the kernel known to Jupyter. @returns the folder of the spec. @throws DataError when it cannot be written. */
export async function installKernel(place: SpecPlace): Promise<string> {
  const folder = specFolder(place);
  await writeAtomically(join(folder, 'logo-svg.svg'), LOGO);
  await writeAtomically(join(folder, 'kernel.json'), `${JSON.stringify(kernelSpec(), null, 2)}\n`);
  return folder;
}

/** Removes what `installKernel` wrote. @returns the folder, or null where there was none. */
export function uninstallKernel(place: SpecPlace): string | null {
  const folder = specFolder(place);
  if (!existsSync(join(folder, 'kernel.json'))) return null;
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

function specFolder(place: SpecPlace): string {
  const data = place === 'user' ? userDataFolder() : join(resolve(place.prefix), 'share', 'jupyter');
  return join(data, 'kernels', NAME);
}

/** As jupyter_core finds it. */
function userDataFolder(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (process.platform === 'win32') return join(APPDATA ?? homedir(), 'jupyter');
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter');
}

/** A cell: four nodes, and the operations between them. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<g fill="none" stroke="#3b6ea5" stroke-width="4"><path d="M12 32 32 12 52 32 32 52zM12 32h40"/></g>
<g fill="#e07a1f"><circle cx="12" cy="32" r="7"/><circle cx="32" cy="12" r="7"/><circle cx="52" cy="32" r="7"/><circle cx="32" cy="52" r="7"/></g>
</svg>
`;
