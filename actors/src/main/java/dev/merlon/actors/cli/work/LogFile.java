package dev.merlon.actors.cli.work;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import dev.merlon.actors.LogLines;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.home.MerlonHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/**
 * The file that everything logged goes to, with stack traces; the terminal gets none of it. {@code
 * logback.xml} itself names no destination, so that nothing is logged, and no file made, before a
 * command or a failure asks for it.
 */
public final class LogFile {
  private static final String NAME = "merlon.log";

  private final Supplier<Path> home;
  private final Supplier<Optional<String>> note;
  private Optional<Path> current = Optional.empty();

  /**
   * @param home the directory used by commands without a run directory
   */
  public LogFile(Path home) {
    this(() -> home, Optional::empty);
  }

  private LogFile(Supplier<Path> home, Supplier<Optional<String>> note) {
    this.home = home;
    this.note = note;
  }

  /** The log of this process, at home in Merlon's home folder. */
  public static LogFile ofUser() {
    return new LogFile(() -> MerlonHome.ofProcess().logs(), () -> MerlonHome.ofProcess().note());
  }

  /**
   * The directory used by commands without a run directory.
   *
   * @throws MerlonException where there is none that can be used
   */
  public Path home() {
    return home.get();
  }

  /**
   * Sends all logging to this file from now on, appending.
   *
   * @return the file
   * @throws MerlonException (configuration) if it cannot be written
   */
  synchronized Path open(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND).close();
    } catch (IOException unwritable) {
      throw new MerlonException(
          new Failure.Configuration(
              "The log " + file + " cannot be written: " + FileReason.of(unwritable),
              "Make that directory writable, or choose another."),
          unwritable);
    }
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      attach(context, file);
    }
    current = Optional.of(file);
    return file;
  }

  /**
   * Sends all logging to a run directory, as {@link #open} does; says on the console where caches
   * will not last.
   */
  void openRun(RunDirectory run, Console console) {
    note.get().ifPresent(console::say);
    open(run.log());
  }

  /** Sends all logging to the user's directory; says so on the console where that cannot be. */
  void openHome(Console console) {
    try {
      note.get().ifPresent(console::say);
      open(home().resolve(NAME));
    } catch (MerlonException unwritable) {
      console.say("Note: nothing is logged. " + Sentence.of(unwritable.failure().message()));
    }
  }

  /**
   * Writes a failure with its stack trace.
   *
   * @return the file it went to; empty where no log can be written
   */
  public synchronized Optional<Path> record(String command, Throwable failure) {
    try {
      Path file = current.orElseGet(() -> open(home().resolve(NAME)));
      LoggerFactory.getLogger(LogFile.class).error("{} failed", command, failure);
      return Optional.of(file);
    } catch (MerlonException unwritable) {
      return Optional.empty();
    }
  }

  /** Writes no more. */
  public synchronized void close() {
    if (current.isPresent() && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      root(context).detachAppender(NAME);
    }
    current = Optional.empty();
  }

  private static void attach(LoggerContext context, Path file) {
    var appender = new FileAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setName(NAME);
    appender.setFile(file.toString());
    appender.setEncoder(LogLines.encoder(context));
    appender.start();
    root(context).detachAppender(NAME);
    root(context).addAppender(appender);
  }

  private static Logger root(LoggerContext context) {
    return context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }
}
