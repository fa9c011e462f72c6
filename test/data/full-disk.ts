import { spawnSync } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';

/**
 * Runs `work` with a folder that holds no more than 64 KiB: a small tmpfs where mounting is allowed, else a folder whose
 * files refuse writes as a full disk does.
 */
export async function onFullDisk(base: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(base, 'small-disk');
  await mkdir(folder, { recursive: true });
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0) {
    try {
      await work(folder);
    } finally {
      spawnSync('umount', [folder]);
    }
    return;
  }
  const probe = await open(join(folder, 'probe'), 'w');
  const handles = Object.getPrototypeOf(probe) as typeof probe;
  await probe.close();
  await rm(join(folder, 'probe'));
  const full = async (): Promise<never> => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  const spies = [vi.spyOn(handles, 'write').mockImplementation(full), vi.spyOn(handles, 'writeFile').mockImplementation(full)];
  try {
    await work(folder);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
