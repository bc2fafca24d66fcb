import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    restoreMocks: true,
    // Most of the time is waiting for children and clocks: with one worker two cores idle.
    maxWorkers: 2,
    // Children on two noisy cores: what waits has a deadline of its own, this is only the last resort.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      include: ['agent/core/**', 'agent/wire/**'],
      thresholds: { statements: 95, lines: 95 },
    },
  },
})
