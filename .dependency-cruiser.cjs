const only = (name, path, allowed) => ({
  name,
  severity: 'error',
  comment: `${path} may import only ${allowed.join(', ')}`,
  from: { path },
  to: { pathNot: allowed },
})

/** Each npm runtime package is imported from exactly one folder. */
const home = (name, packageName, folder) => ({
  name,
  severity: 'error',
  comment: `${packageName} is imported from ${folder} alone`,
  from: { path: '^(agent|drivers)/', pathNot: folder },
  to: { path: `(^|/)node_modules/${packageName}/` },
})

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: ['\\.d\\.ts$', 'main\\.ts$', '^test/'] }, to: {} },
    only('core-is-pure', '^agent/core/', ['^agent/core/']),
    // The decoder port is made of Node's streams: their types are the contract, back-pressure included.
    only('ports-know-core-only', '^agent/ports/', ['^agent/(core|ports)/', '^stream$']),
    only('wire-knows-core-and-valibot', '^agent/wire/', ['^agent/(core|wire)/', 'node_modules/valibot/']),
    // The words of the command are told on the page too: pure data, as the text functions beside them are.
    only('page-is-pure-and-has-words', '^agent/page/', ['^agent/(core|ports|page)/', '^agent/cli/(messages|text)/']),
    only('services-know-ports-only', '^agent/services/', ['^agent/(core|ports|services)/']),
    {
      name: 'adapters-are-leaves',
      comment: 'an adapter sees core, ports, wire, its own folder and the native bindings',
      severity: 'error',
      from: { path: '^agent/adapters/([^/]+)/' },
      to: { path: '^(agent|drivers)/', pathNot: ['^agent/(core|ports|wire)/', '^agent/adapters/$1/', '^drivers/native/'] },
    },
    {
      name: 'drivers-are-leaves',
      comment: 'a driver sees core, ports, its own family and the native bindings; a signboard also its serial link, what starts programs the jail',
      severity: 'error',
      from: { path: '^drivers/([^/]+)/' },
      to: { path: '^(agent|drivers)/', pathNot: ['^agent/(core|ports)/', '^drivers/$1/', '^drivers/native/', '^drivers/serial/', '^drivers/jail/', '^drivers/png/'] },
    },
    {
      name: 'playout-sees-core-ports-and-registry',
      comment: 'the second process: no network, no SQLite; only its composition root names concrete adapters',
      severity: 'error',
      from: { path: '^agent/playout/', pathNot: '^agent/playout/main\\.ts$' },
      to: { path: '^(agent|drivers)/', pathNot: ['^agent/(core|ports|playout)/', '^agent/wire/playout', '^drivers/registry\\.ts$'] },
    },
    {
      name: 'updater-is-small',
      comment: 'root runs it: it judges and unpacks releases, and sees nothing of what the agent does',
      severity: 'error',
      from: { path: '^agent/updater/' },
      to: { path: '^(agent|drivers)/', pathNot: ['^agent/(core|wire|updater)/', '^agent/adapters/(config/yaml-file|crypto/node-cryptography)\\.ts$'] },
    },
    {
      name: 'updater-is-alone',
      comment: 'what is asked of it goes over files',
      severity: 'error',
      from: { path: '^(agent|drivers)/', pathNot: '^agent/updater/' },
      to: { path: '^agent/updater/' },
    },
    {
      name: 'cli-is-a-client',
      comment: 'loa sees core, wire and the checks that need no agent, writes the PNGs of previews and looks at GPIO lines and databases without taking or changing them; never services or stores, but for a copy of what a dead agent left; setup, before there is an agent, asks a broker once for a certificate and lets one sound card or sign be told from another',
      severity: 'error',
      from: { path: '^agent/cli/' },
      to: { path: '^(agent|drivers)/', pathNot: ['^agent/(core|wire|cli)/', '^agent/adapters/(config|control|system|probe|identity)/', '^agent/adapters/sqlite/(left-behind|look-at-database)\\.ts$', '^agent/adapters/mqtt/ask-once\\.ts$', '^drivers/png/', '^drivers/gpio/survey\\.ts$', '^drivers/try-out\\.ts$'] },
    },
    { name: 'nobody-imports-main', severity: 'error', from: {}, to: { path: '^agent/(main|playout/main|updater/main)\\.ts$' } },
    { name: 'no-test-in-product', severity: 'error', from: { path: '^(agent|drivers)/' }, to: { path: '^(test|scripts)/' } },
    {
      name: 'no-dev-dep-in-product',
      severity: 'error',
      from: { path: '^(agent|drivers)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    home('sqlite-home', 'better-sqlite3', '^agent/adapters/sqlite/'),
    home('mqtt-home', 'mqtt', '^agent/adapters/mqtt/'),
    home('pino-home', 'pino', '^agent/adapters/log/'),
    home('yaml-home', 'yaml', '^agent/adapters/config/'),
    home('cron-home', 'node-cron', '^agent/adapters/system/'),
    home('valibot-home', 'valibot', '^agent/wire/'),
    home('koffi-home', 'koffi', '^drivers/native/'),
    home('serialport-home', 'serialport', '^drivers/serial/'),
    home('png-home', 'fast-png', '^drivers/png/'),
    home('novastar-home', '@novastar/codec', '^drivers/signboard/novastar/'),
    home('qr-home', 'uqr', '^agent/adapters/qr/'),
    home('rpio-home', 'rpio', '^drivers/gpio/'),
    home('speaker-home', 'speaker', '^drivers/audio/'),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
}
