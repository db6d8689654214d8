import { Failure, type FailureCode } from '../../../kernel/failure.ts';

type Meaning = {
  readonly said: RegExp;
  readonly code: FailureCode;
  readonly advice: string;
  readonly refused?: Refused;
};

/** What the domain refused: the password as wrong, or the account in its state (locked, disabled, expired). */
type Refused = 'password' | 'account';

/** What the tools say (MIT's and Heimdal's, in English), and what it means; the first that fits counts. */
const meanings: readonly Meaning[] = [
  {
    said: /key ?ta?ble? file|keytab/iu,
    code: 'unauthenticated',
    advice: 'The keytab cannot be read, or holds no key for this name.',
  },
  {
    said: /password incorrect|pre-?authentication failed|decrypt integrity check failed/iu,
    code: 'unauthenticated',
    advice: 'Check the password where the workers run.',
    refused: 'password',
  },
  {
    said: /clock skew too great|time skew/iu,
    code: 'clock-skew',
    advice:
      "This machine's clock and the domain controller's differ by more than five minutes: set both by the same time source.",
  },
  {
    said: /not found in kerberos database|(?:client|server) .*unknown|CLIENT_NOT_FOUND|LOOKING_UP_SERVER/iu,
    code: 'unauthenticated',
    advice:
      'The domain knows no such name. Check the user name and kerberos.realm; for a service, that the host bears this name and has this SPN (setspn -Q).',
  },
  {
    said: /cannot contact any kdc|cannot find kdc|unable to reach|cannot resolve|unable to find realm/iu,
    code: 'unreachable',
    advice: 'No domain controller answers. Check DNS and /etc/krb5.conf on this machine, and the firewall (port 88).',
  },
  {
    said: /for server .*revoked/iu,
    code: 'unauthenticated',
    advice: "The host's account in the domain is disabled.",
  },
  {
    said: /revoked|locked|disabled/iu,
    code: 'unauthenticated',
    advice: 'The account is locked or disabled.',
    refused: 'account',
  },
  {
    said: /server's entry in database has expired/iu,
    code: 'unauthenticated',
    advice: "The host's account in the domain has expired.",
  },
  {
    said: /password (?:has )?expired|entry in database has expired/iu,
    code: 'unauthenticated',
    advice: 'The password or the account has expired: change the one, prolong the other.',
    refused: 'account',
  },
  {
    said: /expired/iu,
    code: 'unauthenticated',
    advice: 'The ticket has expired: take it anew.',
  },
  {
    said: /encryption type|enctype/iu,
    code: 'unauthenticated',
    advice: 'The domain and this machine share no encryption type: allow AES for the account.',
  },
  {
    said: /no credentials|matching credential not found/iu,
    code: 'unauthenticated',
    advice: 'The cache holds no ticket to begin with: run kinit.',
  },
];

const unknown: Omit<Meaning, 'said'> = { code: 'unauthenticated', advice: 'Run kinit by hand to see more.' };

/** The failure of a Kerberos tool. @param subject the name that a ticket was wanted for */
export function failureOfTool(said: string, subject: string): Failure {
  const { code, advice, refused } = meanings.find((meaning) => meaning.said.test(said)) ?? unknown;
  // What the tool asks for stands before its answer on one line.
  const words = said.replaceAll(/^Password for [^:]*:\s*/gmu, '').trim();
  return new Failure(code, `No Kerberos ticket for ${subject}: ${words || 'the tool said nothing'}. ${advice}`, {
    facts: { subject, ...(refused === undefined ? {} : { refused }) },
  });
}

/** What the domain refused when a ticket was wanted (fact `refused`); undefined if it failed otherwise. */
export function refusedBy({ facts: { refused } }: Failure): Refused | undefined {
  return refused === 'password' || refused === 'account' ? refused : undefined;
}
