/** What `stat` says of a file. */
export type FileFacts = { readonly uid: number; readonly gid: number; readonly mode: number }
/** Users and groups that may own a secret: root and those of the agent. */
export type Holders = { readonly uids: readonly number[]; readonly gids: readonly number[] }

const OTHERS = 0o007
const GROUP = 0o070
const GROUP_WRITE = 0o020

/** What is wrong with owner and mode of a file that holds a secret, and what to do; undefined when nothing is. */
export const secretFileFault = ({ uid, gid, mode }: FileFacts, holders: Holders): string | undefined => {
  const octal = (mode & 0o777).toString(8).padStart(4, '0')
  if (!holders.uids.includes(uid))
    return `belongs to user ${uid}: give it to root or the user of the agent (chown)`
  if ((mode & OTHERS) !== 0) return `everybody may read or change it (mode ${octal}): chmod 0640 or less`
  if ((mode & GROUP) !== 0 && !holders.gids.includes(gid))
    return `group ${gid} may read it (mode ${octal}): chgrp to the group of the agent, or chmod 0600`
  if ((mode & GROUP_WRITE) !== 0) return `its group may change it (mode ${octal}): chmod 0640 or less`
  return undefined
}
