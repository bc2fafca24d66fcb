/** The province's alerts: a flood, with a siren of two seconds. */
export const flood = (rev: number) => ({
  kind: 'alert',
  v: 1,
  area: '75',
  rev,
  iat: new Date().toISOString(),
  alerts: [
    {
      id: 'lu',
      event: 'flood',
      severity: 'extreme',
      headline: { vi: 'LŨ' },
      siren: { onSeconds: 2, offSeconds: 1, cycles: 1 },
      until: new Date(Date.now() + 600_000).toISOString(),
    },
  ],
})
