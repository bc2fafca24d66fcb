import { type ContentRequest, openContentServer } from '../content-server.ts'
import { untilStopped, type Verb } from '../verb.ts'

/** One line a request, as both `content` and `serve` print it. */
export const requestLine = ({ method, path, range, status }: ContentRequest): string =>
  `${status} ${method} ${path}${range === undefined ? '' : ` (${range})`}`

export const content: Verb = {
  name: 'content',
  summary: 'serve audio and images over HTTP',
  help: `  province content --dir D [--port N] [--host H]

Serves every file of D under /c/<sha256> and under its name, with Range and
HEAD; files may be added at any time. One line a request. Put the printed origin
into content.allow of agent.yaml.
  --port N    default 8080; 0 takes a free one
  --host H    default 127.0.0.1`,
  options: { dir: { type: 'string' }, port: { type: 'string' }, host: { type: 'string' } },
  run: async (args, io) => {
    const host = args.text('host')
    await using server = await openContentServer({
      directory: args.required('dir'),
      port: args.number('port', { min: 0, max: 65_535 }) ?? 8080,
      ...(host === undefined ? {} : { host }),
      onRequest: (request) => io.out(io.json ? JSON.stringify(request) : requestLine(request)),
    })
    io.out(io.json ? JSON.stringify({ origin: server.origin }) : `serving on ${server.origin}`)
    await untilStopped(io)
    return 0
  },
}
