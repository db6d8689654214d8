import { type LoadKerberosPackage, loadKerberosPackage } from '../kerberos/sspi.ts';
import { TicketKeeper } from '../kerberos/ticket-keeper.ts';

/** Whether a host takes a body with the last token of a login: it saves a request per connection. */
export type BodyLeg = 'unknown' | 'taken' | 'refused';

/** What sessions of one process know in common: tickets, and how hosts want to be spoken to. */
export class WinRmMemory {
  readonly tickets = new TicketKeeper();
  /** Gives the package for Windows' own Kerberos; undefined where tickets are taken by the system's tools. */
  readonly sspi: LoadKerberosPackage | undefined;
  readonly #warnings = new Set<string>();
  readonly #proven = new Set<string>();
  readonly #legs = new Map<string, BodyLeg>();
  readonly #schemes = new Map<string, 'Kerberos' | 'Negotiate'>();

  /** @param sspi what loads the package for Windows' own Kerberos; by default the optional one, on Windows alone */
  constructor(sspi = process.platform === 'win32' ? loadKerberosPackage : undefined) {
    this.sspi = sspi;
  }

  /** Whether a warning is given for the first time. */
  isNews(warning: string): boolean {
    const news = !this.#warnings.has(warning);
    this.#warnings.add(warning);
    return news;
  }

  /** @param login host, port, mechanism and account in one word */
  bodyLegOf(login: string): BodyLeg {
    return this.#legs.get(login) ?? 'unknown';
  }

  noteBodyLeg(login: string, leg: BodyLeg): void {
    this.#legs.set(login, leg);
  }

  /** Whether this login has been good before: only then is it repeated if a trial with a body fails, so that no account gets locked. */
  isProven(login: string): boolean {
    return this.#proven.has(login);
  }

  noteProven(login: string): void {
    this.#proven.add(login);
  }

  forgetProven(login: string): void {
    this.#proven.delete(login);
  }

  /** The HTTP scheme under which a host takes Kerberos. */
  schemeOf(place: string): 'Kerberos' | 'Negotiate' {
    return this.#schemes.get(place) ?? 'Kerberos';
  }

  noteScheme(place: string, scheme: 'Kerberos' | 'Negotiate'): void {
    this.#schemes.set(place, scheme);
  }
}
