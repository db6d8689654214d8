/** Playbooks that aliases stand for and that are not shipped yet. One that is shipped is taken out here: a test tells. */
export const toCome: readonly string[] = [
  'backup-vss/repair',
  'clean-boot/isolate',
  'component-store/repair',
  'disk/health-check',
  'disk/reclaim-space',
  'driver/roll-back',
  'iis/path-repair',
  'network/proxy-check',
  'outlook/repair',
  'service/baseline',
  'setup/feature-update',
  'setup/in-place-repair',
  'store/repair',
  'time/sync-repair',
  'windows-update/manual-kb',
  'windows-update/triage',
  'winrm/access-check',
  'wsus/client-policy',
  'wsus/server-maintenance',
];

/** Measures (by number) that nothing proves yet. One that is proven is taken out here: a test tells. */
export const measuresToCome: readonly number[] = [
  1, 7, 8, 10, 11, 12, 13, 17, 18, 21, 23, 24, 27, 28, 29, 30, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46,
  47, 48, 49, 50, 51, 52, 53, 55, 56, 57, 58, 59, 60, 61, 62, 63, 65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76, 77,
  78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 96, 97, 98, 100, 101, 102, 103, 104, 105, 106, 108,
  110, 111, 112, 113, 116, 119, 120, 121, 123, 125, 126, 127, 128, 129, 130, 131, 132, 133, 135,
];
