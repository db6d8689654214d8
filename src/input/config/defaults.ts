/** What holds where neither `kintsugi.yaml` nor the environment says anything; paths are relative to the project folder. */
export const defaults = {
  home: '.kintsugi',
  inventory: 'inventory.yaml',
  language: 'en',
  concurrency: 20,
  durations: {
    commitAfter: '14d',
    lease: '30s',
    heartbeat: '10s',
    poll: '5s',
    sweep: '15s',
    connect: '30s',
    reboot: '30m',
  },
} as const;

/** The environment variable that overrides each duration. */
export const durationVariables = {
  commitAfter: 'KINTSUGI_COMMIT_AFTER',
  lease: 'KINTSUGI_LEASE',
  heartbeat: 'KINTSUGI_HEARTBEAT',
  poll: 'KINTSUGI_POLL',
  sweep: 'KINTSUGI_SWEEP',
  connect: 'KINTSUGI_CONNECT',
  reboot: 'KINTSUGI_REBOOT',
} as const;
