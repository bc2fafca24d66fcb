import { packageVersion } from '../adapters/system/project.ts'
import { messageOf } from '../core/error.ts'
import { listenAddress, type PageConfig } from '../core/page-configuration.ts'
import type { PageView } from '../core/page-view.ts'
import type { StatusPage } from '../ports/status-page.ts'
import { createDoctor } from './doctor.ts'
import type { Upstream } from './upstream.ts'

/** What only the command looks up is left to it: whoever opens the page has no shell to mend it with. */
const NOT_LOOKED_UP = {
  kernel: undefined,
  lsm: undefined,
  perl: true,
  groups: [],
  hasId: true,
  programs: {},
}

function gatherFacts(agent: Upstream): () => PageView['facts'] {
  const doctor = createDoctor(agent)
  return () => {
    const told = doctor()
    return {
      installed: { version: packageVersion(), node: told.node },
      machine: NOT_LOOKED_UP,
      at: told.status.at,
      seen: {},
      settings: told.settings,
      files: told.files,
      diskMb: told.diskMb,
      agent: told,
    }
  }
}

async function loadPage(agent: Upstream): Promise<StatusPage> {
  const [{ createStatusPage }, { createPageView }, { smallPng }] = await Promise.all([
    import('../page/page.ts'),
    import('../services/page-view.ts'),
    import('../adapters/page/png.ts'),
  ])
  const { clock, state, intake, signs, report, rules } = agent
  const view = createPageView({
    clock,
    zone: rules.zone,
    status: () => report.status(),
    facts: gatherFacts(agent),
    outbox: state.outbox,
    intake,
    pictures: () => signs.pictures(),
    pngOf: (raster) => smallPng(raster).toString('base64'),
  })
  return createStatusPage(view)
}

async function open(agent: Upstream, { listen, tokenFile }: PageConfig): Promise<ServedPage | undefined> {
  const address = listenAddress(listen)
  if (address === undefined) return undefined
  const { openPageServer } = await import('../adapters/page/server.ts')
  const { readToken } = await import('../adapters/page/token.ts')
  return openPageServer({
    listen: address,
    logger: agent.logger,
    load: () => loadPage(agent),
    ...(tokenFile === undefined ? {} : { token: await readToken(tokenFile, agent.credentialsDirectory) }),
  })
}

/** Why nobody can see the page; undefined while it is served, or where there is none. */
export type ServedPage = AsyncDisposable & { readonly fault: string | undefined }

/** The status page, where there is to be one; nothing that fails with it keeps the agent from anything. */
export function openStatusPage(agent: Upstream): ServedPage {
  const { config, logger } = agent
  let server: ServedPage | undefined
  let fault: string | undefined
  const opened =
    config.page === undefined
      ? Promise.resolve(undefined)
      : open(agent, config.page).catch((error: unknown) => {
          fault = messageOf(error)
          logger.warn({ reason: fault }, 'there is no status page')
          return undefined
        })
  void opened.then((served) => {
    server = served
  })
  return {
    get fault() {
      return fault ?? server?.fault
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await opened
      await server?.[Symbol.asyncDispose]()
    },
  }
}
