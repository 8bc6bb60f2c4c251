// The pinned compiler of what is shipped built: Zig, as PyPI's ziglang or on the PATH.
import { spawnSync } from 'node:child_process';

/** The one place where its version stands. */
export const ZIG = '0.17.1';

/** The command that starts the pinned Zig, in words; undefined where it is not installed. */
export const findZig = () => {
  const ways = [
    ...(process.env.INGOT_PYTHON ? [[process.env.INGOT_PYTHON, '-m', 'ziglang']] : []),
    ['python3', '-m', 'ziglang'],
    ['zig'],
  ];
  return ways.find(([command, ...args]) => {
    const { status, stdout } = spawnSync(command, [...args, 'version'], { encoding: 'utf8' });
    return status === 0 && stdout.trim() === ZIG;
  });
};
