import { createHash } from 'node:crypto'
import { configureMemory, type MemoryFile } from './commands.ts'

/** The page, the picture it shows, and the picture that an alert shows; the alert's text needs no room. */
export const PAGE = 'A'
export const PAGE_PICTURE = 'P'
export const ALERT_PICTURE = 'Q'
/** Room for a text of the page. */
export const TEXT_BYTES = 1024

/** What the memory of a sign is divided into. */
export const layoutOf = (
  content: 'raster' | 'text',
  { width, height }: { readonly width: number; readonly height: number },
): readonly MemoryFile[] => {
  const page: MemoryFile = { label: PAGE, type: 'text', bytes: TEXT_BYTES }
  if (content === 'text') return [page]
  return [
    page,
    { label: PAGE_PICTURE, type: 'picture', width, height },
    { label: ALERT_PICTURE, type: 'picture', width, height },
  ]
}

/** What a layout is remembered by. */
export const layoutHash = (files: readonly MemoryFile[]): string =>
  createHash('sha256').update(configureMemory(files).data).digest('hex')
