import { isAbsolute, relative } from 'node:path';

/** A path as people in the project folder write it; one outside of it as it is. */
export function shownPath(file: string, projectDir: string): string {
  const path = isAbsolute(file) ? relative(projectDir, file) : file;
  return path === '' || path.startsWith('..') ? file : path;
}
