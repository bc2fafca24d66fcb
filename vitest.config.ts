import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    restoreMocks: true,
    coverage: {
      include: ['agent/core/**', 'agent/wire/**'],
      thresholds: { statements: 95, lines: 95 },
    },
  },
})
