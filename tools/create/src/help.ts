export const help = `create-lexigram-edge [folder]

  --platform <name>  worker, lambda, vercel or node
  --data <kind>      sql, documents or both
  --name <name>      the name in package.json; that of the folder without it
  --package <spec>   what to install as lexigram-edge: a version, a range, or the path of a tarball
  --yes, -y          ask nothing: node and sql where no flag says otherwise
  --help, -h         print this text

It asks for what no flag says. Without a terminal it asks nothing.`
