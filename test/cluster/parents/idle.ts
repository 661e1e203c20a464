/** A program that would run for minutes and does not mind SIGINT, SIGTERM or SIGHUP. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
setInterval(() => undefined, 600_000);
process.stdout.write('idle\n');
