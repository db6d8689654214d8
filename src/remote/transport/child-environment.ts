import process from 'node:process';

/** Where programs, libraries, the user's files and temporary ones are, who the user is, and how text, time and messages are. */
const everywhere = 'PATH HOME USER LOGNAME SHELL TMPDIR TMP TEMP LANG LANGUAGE TZ TERM';
/** What Windows and its programs take for granted. */
const windows = `SystemRoot SystemDrive windir ComSpec PATHEXT OS NUMBER_OF_PROCESSORS COMPUTERNAME USERNAME USERDOMAIN USERDNSDOMAIN
  LOGONSERVER SESSIONNAME USERPROFILE HOMEDRIVE HOMEPATH APPDATA LOCALAPPDATA PUBLIC ALLUSERSPROFILE ProgramData DriverData ProgramFiles
  ProgramFiles(x86) ProgramW6432 CommonProgramFiles CommonProgramFiles(x86) CommonProgramW6432`;
/** Where .NET, PowerShell's modules, certificates and Kerberos' files are, all of them paths or switches. */
const programs = `PSModulePath LD_LIBRARY_PATH DYLD_LIBRARY_PATH SSL_CERT_FILE SSL_CERT_DIR
  DOTNET_ROOT DOTNET_ROOT_X64 DOTNET_ROOT_ARM64 DOTNET_GCHeapHardLimit DOTNET_BUNDLE_EXTRACT_BASE_DIR DOTNET_SYSTEM_GLOBALIZATION_INVARIANT
  XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_RUNTIME_DIR KRB5_CONFIG KRB5CCNAME KRB5_KTNAME KRB5_CLIENT_KTNAME`;
const passed = new Set([everywhere, windows, programs].join(' ').toLowerCase().split(/\s+/u));
const passedFamilies = /^(?:LC_|PROCESSOR_)[A-Z_]+$/iu;

/**
 * The environment that a child program gets: what programs need to run, by name, and nothing else of this process's own. References of an
 * inventory (`env:NAME`) lead to variables of any name, and no script of one host is to read the passwords of others.
 * @param more variables that are set beside it
 */
export function childEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => passed.has(name.toLowerCase()) || passedFamilies.test(name),
  );
  return { ...Object.fromEntries(kept), ...more };
}

/** What a program that starts `ssh` needs beside it: the way to the agent. */
export function sshEnvironment(): Readonly<Record<string, string>> {
  const socket = process.env['SSH_AUTH_SOCK'];
  return socket === undefined ? {} : { SSH_AUTH_SOCK: socket };
}
