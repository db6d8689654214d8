import type { HostFacts } from '../kernel/host-facts.ts';
import type { Plan } from '../planning/plan.ts';
import { userScripts } from '../planning/user-scripts.ts';
import type { EndWords } from './end.ts';
import { stepsOf } from './state.ts';

/** Why the run cannot take place on this host at all, with what to do; null where nothing is in the way. Built into every run. */
export function unfitReason(plan: Plan, facts: HostFacts): EndWords | null {
  const { powershell, elevated, os } = facts;
  // On a no-language endpoint the module decides, and a session is opened only with the right one.
  if (powershell.languageMode !== 'FullLanguage' && powershell.jeaModule === undefined)
    return {
      cause: 'language-mode',
      reason: `PowerShell runs in ${powershell.languageMode}; FullLanguage is needed.`,
      remedy:
        'A policy (AppLocker or App Control) restricts the session: allow the administrator who runs Kintsugi, or use an endpoint without that restriction.',
    };
  const forUser = userScripts(plan, [...plan.goal, ...plan.preflight, ...stepsOf(plan)]);
  if (powershell.jeaModule !== undefined && forUser.length > 0)
    return {
      cause: 'language-mode',
      reason: `The endpoint runs no script text (no-language mode), and ${forUser.join(', ')} work in a user's session (lane \`user\`).`,
      remedy: 'Run this playbook through an endpoint with FullLanguage.',
    };
  if (!elevated)
    return {
      cause: 'not-elevated',
      reason: 'The session has no elevated administrator token.',
      remedy:
        'Use a domain account in the local Administrators group, or the built-in Administrator; for other local accounts remote UAC filtering removes the rights.',
    };
  const side = os.productType === 1 ? 'client' : 'server';
  const wanted = plan.targets.os[side];
  if (wanted === undefined || !matchesBuild(wanted, os.build))
    return {
      cause: 'os-target',
      reason: `${os.caption} (${side}, build ${os.build}) is not a target of this playbook${wanted === undefined ? '' : ` (${side} ${wanted})`}.`,
      remedy: 'Choose a playbook that names this operating system, or leave the host out with --limit.',
    };
  return null;
}

/** Whether a build number meets a target such as `>=19045`, `<26000`, `>=17763 <26100` or `20348`. Nothing meets a text of another form. */
export function matchesBuild(target: string, build: number): boolean {
  const terms = target.split(/[\s,]+/).filter((term) => term !== '');
  return terms.length > 0 && terms.every((term) => meets(term, build));
}

function meets(term: string, build: number): boolean {
  const [, sign = '', digits] = /^(>=|<=|>|<|=)?(\d+)$/.exec(term) ?? [];
  if (digits === undefined) return false;
  const limit = Number(digits);
  switch (sign) {
    case '>=':
      return build >= limit;
    case '<=':
      return build <= limit;
    case '>':
      return build > limit;
    case '<':
      return build < limit;
    default:
      return build === limit;
  }
}
