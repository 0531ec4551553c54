export const help = `create-lexigram-edge [folder]

  --platform <name>  worker, lambda, vercel or node
  --data <kind>      sql, documents or both
  --name <name>      the name in package.json (default: the folder's name)
  --package <spec>   what to install as lexigram-edge: a version, a range, or the path of a tarball
  --yes, -y          do not ask; use node and sql unless a flag says otherwise
  --help, -h         print this text

It asks for what the flags leave open. Without a terminal, pass the flags.`
