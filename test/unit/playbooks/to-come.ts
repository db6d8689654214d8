/** Playbooks that aliases stand for and that are not shipped yet. One that is shipped is taken out here: a test tells. */
export const toCome: readonly string[] = [
  'chrome-updater/repair',
  'clean-boot/isolate',
  'component-store/repair',
  'disk/health-check',
  'disk/reclaim-space',
  'driver/roll-back',
  'evidence/support-bundle',
  'iis/path-repair',
  'network/proxy-check',
  'outlook/repair',
  'security/interference',
  'service/baseline',
  'setup/feature-update',
  'setup/in-place-repair',
  'store/repair',
  'time/sync-repair',
  'windows-update/manual-kb',
  'windows-update/triage',
  'winrm/access-check',
  'wsus/client-policy',
];

/** Measures (by number) that nothing proves yet. One that is proven is taken out here: a test tells. */
export const measuresToCome: readonly number[] = [
  1, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 17, 18, 21, 23, 24, 25, 26, 27, 28, 29, 30, 33, 34, 35, 36, 37, 38, 39, 40, 41,
  42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71,
  72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100,
  101, 102, 103, 104, 105, 106, 107, 108, 110, 111, 112, 113, 114, 116, 117, 118, 119, 120, 121, 123, 124, 125, 126,
  127, 128, 129, 130, 131, 132, 133, 135,
];
