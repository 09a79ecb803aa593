package dev.merlon.model.data.fetch;

/** Is told how a fetch goes on. Called by one thread. */
public interface FetchListener {

  /** What is being done. */
  enum Work {
    /** Counted in bytes. */
    DOWNLOAD,
    /** Counted in files. */
    UNPACK
  }

  /**
   * Work begins; what was begun before has ended.
   *
   * @param done how much is done already
   * @param total how much there is
   */
  void begin(Work work, long done, long total);

  /**
   * The work begun has come so far. May be less than before, where a server starts anew.
   *
   * @param name the file at hand
   */
  void at(long done, String name);

  /** The work begun is at its end. */
  void end();

  /** Something worth knowing that is no failure yet, as a sentence without its dot. */
  void note(String line);
}
