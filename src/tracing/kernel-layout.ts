/** Where the running kernel keeps what the programs read, in bytes from the beginning of each structure. */
import type { Btf } from "./btf.ts";

export type KernelLayout = ReturnType<typeof findLayout>;

/** @throws BtfError with the name that this kernel does not know */
export function findLayout(btf: Btf) {
  return {
    /** A file on its file system. */
    inode: {
      number: btf.offsetOf("inode", "i_ino"),
      generation: btf.offsetOf("inode", "i_generation"),
      mode: btf.offsetOf("inode", "i_mode"),
      /** If it is itself a device: which. */
      device: btf.offsetOf("inode", "i_rdev"),
      superBlock: btf.offsetOf("inode", "i_sb"),
      firstName: btf.offsetOf("inode", "i_dentry.first"),
    },
    /** A mounted file system. */
    superBlock: { device: btf.offsetOf("super_block", "s_dev") },
    /** A name in a folder. */
    dentry: {
      inList: btf.offsetOf("dentry", "d_u.d_alias", "d_alias"),
      name: btf.offsetOf("dentry", "d_name.name"),
      parent: btf.offsetOf("dentry", "d_parent"),
    },
    /** The pages of one file that are in memory. */
    addressSpace: { inode: btf.offsetOf("address_space", "host") },
    /** One page, or several that are handled as one. */
    folio: {
      flags: btf.offsetOf("folio", "flags"),
      mapping: btf.offsetOf("folio", "mapping"),
      /** A byte with the number of pages as a power of two, where there are several. */
      order: orderOf(btf),
      /** Which bit of the flags says that there are several. */
      severalFlag: btf.constant("pageflags", "PG_head"),
    },
    page: {
      /** The first page of several, plus 1; any even number in the others. */
      firstPage: btf.offsetOf("page", "compound_head", "compound_info"),
    },
    /** A request to a device. */
    bio: {
      operation: btf.offsetOf("bio", "bi_opf"),
      bytes: btf.offsetOf("bio", "bi_iter.bi_size"),
      device: btf.offsetOf("bio", "bi_bdev"),
      pages: btf.offsetOf("bio", "bi_io_vec"),
      /** Which bit of the operation says that it is swap. */
      swapFlag: btf.constant("req_flag_bits", "__REQ_SWAP"),
    },
    pageOfBio: { page: btf.offsetOf("bio_vec", "bv_page") },
    blockDevice: { device: btf.offsetOf("block_device", "bd_dev") },
    task: {
      mainThread: btf.offsetOf("task_struct", "group_leader"),
      start: btf.offsetOf("task_struct", "start_boottime"),
    },
    /** A read or write of a file that is under way. */
    call: { file: btf.offsetOf("kiocb", "ki_filp") },
    file: { inode: btf.offsetOf("file", "f_inode") },
  } as const;
}

/** Up to 6.5 a byte of its own, since then the lowest one of other flags. */
function orderOf(btf: Btf): {
  readonly at: number;
  readonly size: "u8" | "u64";
} {
  const own = btf.findOffset("folio", "_folio_order");
  return own === null
    ? { at: btf.offsetOf("folio", "_flags_1"), size: "u64" }
    : { at: own, size: "u8" };
}
