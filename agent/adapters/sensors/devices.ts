import type { SensorFiles } from './files.ts'

/** Folders of a class, by the beginning of their name, whose file says one of these words. @throws IO */
export const foldersWith = async (
  files: SensorFiles,
  parent: string,
  { prefix = '', file, wanted }: { prefix?: string; file: string; wanted: (text: string) => boolean },
): Promise<readonly string[]> => {
  const found: string[] = []
  for (const name of await files.list(parent)) {
    if (!name.startsWith(prefix)) continue
    const text = await files.name(`${parent}/${name}/${file}`)
    if (text !== undefined && wanted(text)) found.push(`${parent}/${name}`)
  }
  return found
}

/** The folder of a device known by the name of its folder, its `label` or its `name`. @throws IO */
export const findDevice = async (
  files: SensorFiles,
  parent: string,
  device: string,
): Promise<string | undefined> => {
  if ((await files.list(parent)).includes(device)) return `${parent}/${device}`
  for (const file of ['label', 'name']) {
    const [found] = await foldersWith(files, parent, { file, wanted: (text) => text === device })
    if (found !== undefined) return found
  }
  return undefined
}
