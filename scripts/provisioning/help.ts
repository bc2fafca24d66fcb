export const HELP = `scripts/provision: prepares cards for the receivers of a list

  scripts/provision --csv LIST --common FILE --out FOLDER
                    [--authority FOLDER | --days N] [--authorized-keys FILE]
                    [--image FILE] [--labels 3x8] [--ledger FILE] [--again]

  --csv L     one receiver a row; the first row names the columns: province,
              commune, label (tỉnh, xã, vị trí), and where wanted board, groups,
              languages, brokers, and id for a card that replaces one
  --common F  what all have alike, as in loa.yaml: brokers, ca, content, rootKeys
  --out O     a new folder; nothing is left of it when something is wrong
  --authority F  make certificates now, with the authority of
              \`scripts/province broker --mosquitto --dir F\`; without it each card
              gets a one-time code with which its receiver asks for one
  --days N    so long the codes hold (default 30)
  --authorized-keys F  public SSH keys of technicians
  --image I   an image of scripts/image, not compressed: copied for each card
  --labels G  labels on an A4 sheet, COLUMNSxROWS (default 3x8)
  --ledger F  what was ever given out (default provisioned.csv beside O): keep it,
              it is why no id is given twice
  --again     a second receiver where the ledger has one already

In O: cards/ID (loa.yaml, board.txt), labels.pdf, summary.csv, codes.csv, enrol/.
Needs fonts-dejavu-core; with --image mtools; with --authority openssl.
docs/provisioning.md shows a whole day with it.
Exit codes: 0 prepared, 1 not (rows and columns are named), 2 wrong usage.`
