import { describe, expect, test } from 'vitest'
import { credentialPath } from '../../agent/core/credential.ts'
import { secretFileFault } from '../../agent/core/secret-file.ts'

const AGENT = 990
const STRANGER = 1000
const holders = { uids: [0, AGENT], gids: [0, AGENT] }

describe('T20 a key or password file', () => {
  test.each([
    ['of the agent alone', { uid: AGENT, gid: AGENT, mode: 0o100600 }],
    ['of root, read by the group of the agent', { uid: 0, gid: AGENT, mode: 0o100640 }],
    ['of root alone, as systemd hands it over', { uid: 0, gid: 0, mode: 0o100400 }],
    ['with a group that may nothing', { uid: 0, gid: STRANGER, mode: 0o100600 }],
  ])('%s is well kept', (_what, facts) => {
    expect(secretFileFault(facts, holders)).toBeUndefined()
  })

  test.each([
    ['of somebody else', { uid: STRANGER, gid: AGENT, mode: 0o100600 }, /user 1000.*chown/],
    ['that everybody may read', { uid: 0, gid: 0, mode: 0o100644 }, /everybody.*0644.*chmod/],
    ['that everybody may write', { uid: 0, gid: 0, mode: 0o100602 }, /everybody.*0602/],
    ['that another group may read', { uid: 0, gid: STRANGER, mode: 0o100640 }, /group 1000.*chgrp/],
    ['that its group may change', { uid: 0, gid: AGENT, mode: 0o100660 }, /change.*0660/],
  ])('%s is told, with what to do', (_what, facts, expected) => {
    expect(secretFileFault(facts, holders)).toMatch(expected)
  })
})

test('credential:NAME is what systemd hands over, anything else a path', () => {
  expect(credentialPath('/etc/loa/key.pem', '/run/credentials/x')).toBe('/etc/loa/key.pem')
  expect(credentialPath('credential:device-key', '/run/credentials/x')).toBe('/run/credentials/x/device-key')
  expect(credentialPath('credential:device-key', undefined)).toBeUndefined()
})
