import type { LintRule } from './rule.ts';
import { allowRules } from './rules/allow.ts';
import { callRules } from './rules/calls.ts';
import { changeRules } from './rules/changes.ts';
import { dynamicRules } from './rules/dynamic.ts';
import { endpointRules } from './rules/endpoint.ts';
import { resultRules } from './rules/results.ts';
import { reversibilityRules } from './rules/reversibility.ts';
import { secretRules } from './rules/secrets.ts';
import { textRules } from './rules/texts.ts';
import { timeRules } from './rules/time.ts';
import { verificationRules } from './rules/verification.ts';
import { versionRules } from './rules/versions.ts';

/** All rules, in the order of docs/lint.md. */
export const lintRules: readonly LintRule[] = [
  ...changeRules,
  ...reversibilityRules,
  ...verificationRules,
  ...resultRules,
  ...callRules,
  ...textRules,
  ...secretRules,
  ...dynamicRules,
  ...versionRules,
  ...endpointRules,
  ...timeRules,
  ...allowRules,
];
