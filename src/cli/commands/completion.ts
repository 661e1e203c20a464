import { UsageError } from '../../process/read-flags.ts';
import type { Command } from '../command.ts';

/** Asks the program itself; its last line is a sign for kubectl. */
const ask = 'kubectl-connection __complete';

const scripts: Readonly<Record<string, string>> = {
  bash: `_kubectl_connection() {
  local IFS=$'\\n'
  COMPREPLY=($(${ask} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | sed '$d'))
}
complete -o default -F _kubectl_connection kubectl-connection`,
  zsh: `#compdef kubectl-connection
_kubectl_connection() {
  local -a found
  found=("\${(@f)$(${ask} "\${(@)words[2,CURRENT]}" 2>/dev/null | sed '$d')}")
  compadd -a found
}
compdef _kubectl_connection kubectl-connection`,
  fish: `function __kubectl_connection
  set -l words (commandline -opc) (commandline -ct)
  ${ask} $words[2..-1] 2>/dev/null | sed '$d'
end
complete -c kubectl-connection -f -a '(__kubectl_connection)'`,
  kubectl: `#!/bin/sh
exec ${ask} "$@"`,
};

/** The script for one of them; `undefined` where there is none. */
export function findCompletionScript(shell: string): string | undefined {
  return Object.hasOwn(scripts, shell) ? scripts[shell] : undefined;
}

/** `completion SHELL`: a script that completes commands, flags and names. */
export const completion: Command = {
  name: 'completion',
  summary: 'Print a completion script for bash, zsh, fish or kubectl itself',
  operands: 'SHELL',
  takes: { least: 1, most: 1 },
  values: Object.keys(scripts),
  description: [
    'kubectl completes its plugins with an executable named kubectl_complete-connection beside them, which the npm package\nbrings along; "kubectl" prints it for the others. The shells\' scripts complete kubectl-connection, called directly.',
  ],
  examples: [
    ['completion bash > /etc/bash_completion.d/kubectl-connection', 'for bash'],
    ['completion kubectl > ~/bin/kubectl_complete-connection', 'for kubectl connection; make it executable'],
  ],
  flags: {},
  async run(line, { terminal }) {
    const [shell = ''] = line.operands;
    const script = findCompletionScript(shell);
    if (script === undefined)
      throw new UsageError(`there is none for ${shell}: only for ${Object.keys(scripts).join(', ')}.`);
    terminal.print(script);
    return 0;
  },
};
