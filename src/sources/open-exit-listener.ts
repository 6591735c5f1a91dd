/**
 * Opens the listener for exit messages, and relies on it only after a message has arrived. The kernel accepts the
 * registration in any network namespace, but sends to the initial one alone (send_cpu_listeners in kernel/taskstats.c).
 */
import { KernelError, NetlinkError } from "../kernel/errors.ts";
import type { ExitListener } from "../sampler/exit-listener.ts";
import type { TaskTracker } from "../sampler/tracker.ts";
import type { Notice } from "./source.ts";

export interface ExitListenerInit {
  /** Registers on a new socket. @throws SysError, NetlinkError */
  listen(): ExitListener;
  /** Runs the work in the initial network namespace. @throws SysError where that is not allowed */
  inInitialNetwork<T>(work: () => T): T;
  /** Makes a task end; false if that is impossible. */
  endTask(): boolean;
  readonly tracker: TaskTracker;
}

export interface OpenedExitListener {
  /** Null if no messages can be received: iotop still works, but is no longer exact. */
  readonly listener: ExitListener | null;
  /**
   * What is missing, and why. Null if nothing is, or if requests for tasks will be refused too and that refusal says
   * more.
   */
  readonly notice: Notice | null;
}

/** @throws SysError if no socket can be opened */
export function openExitListener(init: ExitListenerInit): OpenedExitListener {
  let listener: ExitListener;
  try {
    listener = init.listen();
  } catch (error) {
    if (!(error instanceof NetlinkError)) throw error;
    return {
      listener: null,
      notice:
        error.code === "EPERM"
          ? null
          : missing(`reported only to the initial namespaces (${error.code})`),
    };
  }
  const proof = prove(listener, init);
  if (proof === "heard") return { listener, notice: null };
  if (proof === "untried")
    return {
      listener,
      notice: {
        text: "no process can be started to check whether the kernel reports tasks that exit",
        explains: ["exit-events"],
      },
    };
  listener[Symbol.dispose]();
  return openInInitialNetwork(init);
}

function openInInitialNetwork(init: ExitListenerInit): OpenedExitListener {
  const notice = missing("reported only to the initial network namespace");
  let listener: ExitListener;
  try {
    listener = init.inInitialNetwork(() => init.listen());
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return { listener: null, notice };
  }
  if (prove(listener, init) === "heard") return { listener, notice: null };
  listener[Symbol.dispose]();
  return { listener: null, notice };
}

function prove(
  listener: ExitListener,
  { endTask, tracker }: ExitListenerInit,
): "heard" | "deaf" | "untried" {
  listener.isDoubted = true;
  const hasEnded = endTask();
  listener.drain(tracker);
  if (!listener.isDoubted) return "heard";
  return hasEnded ? "deaf" : "untried";
}

function missing(why: string): Notice {
  return {
    text: `short-lived tasks are missed: ${why}`,
    explains: ["exit-events"],
  };
}
