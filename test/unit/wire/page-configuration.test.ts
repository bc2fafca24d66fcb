import { describe, expect, test } from 'vitest'
import { ConfigFault } from '../../../agent/wire/config-fault.ts'
import { readConfiguration } from '../../../agent/wire/configuration.ts'

const faultsOf = (page: unknown): readonly string[] => {
  try {
    readConfiguration(
      {
        device: { id: 'd-7k2m4q9x', province: '75', commune: '26068' },
        board: 'virtual',
        mqtt: { urls: ['mqtt://127.0.0.1:1883'] },
        security: { signatures: 'off' },
        page,
      },
      'agent.yaml',
    )
  } catch (fault) {
    if (fault instanceof ConfigFault) return fault.faults.map(({ path }) => path)
    throw fault
  }
  return []
}

describe('the status page in agent.yaml', () => {
  test.each(['127.0.0.1:8080', '127.1.2.3:1024', '[::1]:65535'])('needs no token on %s', (listen) => {
    expect(faultsOf({ listen })).toEqual([])
  })

  test.each(['192.168.1.20:8080', '0.0.0.0:8080', '[::]:8080', '[fd00::7]:8080', '10.127.0.1:8080'])(
    'is refused on %s without a token, with the path of what is missing',
    (listen) => {
      expect(faultsOf({ listen })).toEqual(['page.tokenFile'])
      expect(faultsOf({ listen, tokenFile: '/etc/loa/page-token' })).toEqual([])
      expect(faultsOf({ listen, tokenFile: 'credential:page-token' })).toEqual([])
    },
  )

  test.each([
    '',
    '8080',
    'localhost:8080',
    '127.0.0.1',
    '127.0.0.1:80',
    '127.0.0.1:65536',
    '999.0.0.1:8080',
    '[:::1]:8080',
    '::1:8080',
    8080,
  ])('is refused on %s, which is no address with a port from 1024', (listen) => {
    expect(faultsOf({ listen })).toEqual(['page.listen'])
  })

  test('holds no token itself', () => {
    expect(faultsOf({ listen: '127.0.0.1:8080', token: 'secret' })).toEqual(['page.token'])
  })
})
