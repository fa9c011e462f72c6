import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a kernel and its client agree on; the fields are Jupyter's connection file. */
export interface ConnectionInfo {
  readonly transport: 'tcp';
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: 'hmac-sha256';
  readonly kernel_name: string;
}

export interface ConnectionFile {
  readonly info: ConnectionInfo;
  readonly path: string;
  /** The folder made for the file alone. */
  readonly folder: string;
  /** Removes file and folder; safe to call twice. */
  remove(): void;
}

/**
 * A connection file with five free local ports and a fresh key, readable by this user only (mode 0600 in a folder of mode 0700).
 * A port is free when asked for; another process may still take it before the kernel binds it, so starting a kernel retries.
 */
export async function writeConnectionFile(kernelName: string): Promise<ConnectionFile> {
  const [shell, iopub, stdin, control, hb] = await freePorts(5);
  const info: ConnectionInfo = {
    transport: 'tcp',
    ip: '127.0.0.1',
    shell_port: shell,
    iopub_port: iopub,
    stdin_port: stdin,
    control_port: control,
    hb_port: hb,
    key: randomBytes(32).toString('hex'),
    signature_scheme: 'hmac-sha256',
    kernel_name: kernelName,
  };
  const folder = mkdtempSync(join(tmpdir(), 'nascope-kernel-'));
  const path = join(folder, 'connection.json');
  chmodSync(folder, 0o700);
  writeFileSync(path, JSON.stringify(info), { mode: 0o600, flag: 'wx' });
  return { info, path, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function address(info: ConnectionInfo, port: number): string {
  return `${info.transport}://${info.ip}:${port}`;
}

/** All ports are held open until the last is known, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
