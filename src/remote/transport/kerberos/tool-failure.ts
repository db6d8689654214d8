import { Failure, type FailureCode } from '../../../kernel/failure.ts';

/** What the tools say (in English), and what it means; the first that fits counts. */
const meanings: readonly (readonly [said: RegExp, code: FailureCode, advice: string])[] = [
  [
    /password incorrect|preauthentication failed|decrypt integrity check failed/iu,
    'unauthenticated',
    'Check the password where the workers run.',
  ],
  [
    /clock skew too great/iu,
    'clock-skew',
    "This machine's clock and the domain controller's differ by more than five minutes: set both by the same time source.",
  ],
  [
    /not found in kerberos database|client .*unknown/iu,
    'unauthenticated',
    'The domain knows no such name. Check the user name and kerberos.realm; for a service, that the host bears this name and has this SPN (setspn -Q).',
  ],
  [
    /cannot contact any kdc|cannot find kdc|unable to reach|cannot resolve/iu,
    'unreachable',
    'No domain controller answers. Check DNS and /etc/krb5.conf on this machine, and the firewall (port 88).',
  ],
  [/revoked|locked|disabled/iu, 'unauthenticated', 'The account is locked or disabled.'],
  [/expired/iu, 'unauthenticated', 'The password or the ticket has expired: change the one, take the other anew.'],
  [
    /no supported encryption types|encryption type/iu,
    'unauthenticated',
    'The domain and this machine share no encryption type: allow AES for the account.',
  ],
  [/keytab/iu, 'unauthenticated', 'The keytab cannot be read, or holds no key for this name.'],
  [
    /no credentials cache found|no credentials found/iu,
    'unauthenticated',
    'The cache holds no ticket to begin with: run kinit.',
  ],
];

/** The failure of a Kerberos tool. @param subject the name that a ticket was wanted for */
export function failureOfTool(said: string, subject: string): Failure {
  const [, code, advice] = meanings.find(([pattern]) => pattern.test(said)) ?? [
    null,
    'unauthenticated' as const,
    'Run kinit by hand to see more.',
  ];
  // What the tool asks for stands before its answer on one line.
  const words = said.replaceAll(/^Password for [^:]*:\s*/gmu, '').trim();
  return new Failure(code, `No Kerberos ticket for ${subject}: ${words || 'the tool said nothing'}. ${advice}`, {
    facts: { subject },
  });
}
