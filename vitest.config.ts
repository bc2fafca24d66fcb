import { defineConfig } from 'vitest/config'

const E2E = 'test/e2e/**/*.test.ts'
/** Whole agents of which two cores bear those of three files at a time: most of it is waiting. */
const PATIENT_E2E = [
  'adapter',
  'broken-net',
  'broker',
  'bundle',
  'canary',
  'command',
  'command-refusals',
  'contact',
  'credentials',
  'damaged-stores',
  'degradation',
  'delivery',
  'demo',
  'doctor',
  'documents',
  'full-disk',
  'hearing',
  'library/library',
  'links',
  'move',
  'page',
  'province',
  'provision',
  'read-only-disk',
  'renew',
  'safe-mode',
  'selftest',
  'sensors',
  'setup',
  'speech',
  'takeover',
  'technician',
  'trust',
  'update',
].map((name) => `test/e2e/${name}.test.ts`)

/** Parts that are held to their milliseconds: nothing else runs beside them. */
const PUNCTUAL = ['drift', 'placing', 'trim'].map((name) => `test/adapter/playout/${name}.test.ts`)

export default defineConfig({
  test: {
    restoreMocks: true,
    // Children on two noisy cores: what waits has a deadline of its own, this is only the last resort.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      include: ['agent/core/**', 'agent/wire/**'],
      thresholds: { statements: 95, lines: 95 },
    },
    projects: [
      {
        extends: true,
        // Most of the time is waiting for children and clocks: with one worker two cores idle.
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [E2E, ...PUNCTUAL],
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'patient e2e', include: PATIENT_E2E, maxWorkers: 3, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        // One at a time, after everything else.
        test: {
          name: 'punctual',
          include: [E2E, ...PUNCTUAL],
          exclude: PATIENT_E2E,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
