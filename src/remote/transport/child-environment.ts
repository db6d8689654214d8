/** Names of variables that hold secrets, as people name them. References of an inventory (`env:OPS_PASSWORD`) lead to such. */
const secret = /pass(?:word|wd|phrase)?|secret|token|credential|private_?key|api_?key/iu;

/**
 * The environment that a child program gets: this process's own, without the variables whose names say that they hold a secret, so that no
 * script of one host reads the passwords of others.
 * @param more variables that are set beside it
 */
export function childEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !secret.test(name));
  return { ...Object.fromEntries(kept), ...more };
}
