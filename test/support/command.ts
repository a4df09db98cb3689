import { main } from "labor-llm/dist/cli";

/** What a command left: its exit status, and what it printed. */
export interface Ran {
  status: number;
  out: string;
  err: string;
}

/** Runs a command of the product within this process. */
export async function command(...args: string[]): Promise<Ran> {
  const ran = { status: 0, out: "", err: "" };
  const capture = (stream: NodeJS.WriteStream, to: "out" | "err") => {
    const write = stream.write;
    stream.write = ((text: string | Uint8Array) => {
      ran[to] += text;
      return true;
    }) as typeof write;
    return () => {
      stream.write = write;
    };
  };
  const release = [capture(process.stdout, "out"), capture(process.stderr, "err")];
  try {
    ran.status = await main(args);
  } finally {
    for (const restore of release) restore();
  }
  return ran;
}
