package dev.merlon.actors.link;

import ch.qos.logback.classic.BasicConfigurator;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.sun.jna.Pointer;
import dev.merlon.proto.Envelope;
import dev.merlon.proto.FailureReport;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child that does what it is told, good or bad: a process of its own in tests. */
public final class TestChild {
  private TestChild() {}

  /** Arguments: what to do before connecting, the socket. */
  public static void main(String[] arguments) throws Exception {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      BasicConfigurator toConsole = new BasicConfigurator();
      toConsole.setContext(context);
      toConsole.configure(context);
      context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
    }
    switch (arguments[0]) {
      case "exit" -> System.exit(7);
      case "sleep" -> Thread.sleep(600_000);
      default -> {}
    }
    if (arguments[0].equals("wrong-secret")) {
      EngineLink.connect(Path.of(arguments[1]), "wrong", 0, new Obeying());
      Thread.sleep(600_000);
    }
    Obeying orders = new Obeying();
    EngineLink link =
        EngineLink.connect(
            Path.of(arguments[1]), System.getenv(EngineSpec.SECRET), 1 << 26, orders);
    orders.begin(link, arguments[0]);
    Thread.sleep(600_000);
  }

  /** Echoes what is no command. */
  private static final class Obeying implements EngineLink.Orders {
    private EngineLink link;
    private String kind;

    synchronized void begin(EngineLink connected, String word) {
      link = connected;
      kind = word;
      notifyAll();
    }

    private synchronized EngineLink link() throws InterruptedException {
      while (link == null) {
        wait();
      }
      return link;
    }

    @Override
    public void order(LinkFrame frame) {
      try {
        obey(frame);
      } catch (Exception failed) {
        failed.printStackTrace();
        System.exit(99);
      }
    }

    private void obey(LinkFrame frame) throws Exception {
      switch (frame.envelope().getFailed().getCode()) {
        case "exit" -> {
          for (int i = 0; i < 200; i++) {
            link().send(said("last " + i));
          }
          link().close();
          System.exit(5);
        }
        case "crash" -> new Pointer(0).setByte(0, (byte) 1);
        case "stop" -> new ProcessBuilder("kill", "-STOP", pid()).start().waitFor();
        case "kill" -> new ProcessBuilder("kill", "-KILL", pid()).start().waitFor();
        case "busy" -> {
          link().working();
          link().working();
        }
        default -> link().send(frame);
      }
    }

    private static String pid() {
      return Long.toString(ProcessHandle.current().pid());
    }

    @Override
    public void stop(long order, boolean process) {
      if (!kind.equals("stubborn")) {
        System.exit(4);
      }
    }

    @Override
    public void orphaned() {
      if (!kind.isEmpty() && Files.isDirectory(Path.of(kind))) {
        try {
          Files.writeString(Path.of(kind).resolve("orphaned"), "yes");
        } catch (java.io.IOException lost) {
          throw new java.io.UncheckedIOException(lost);
        }
      }
      Runtime.getRuntime().halt(6);
    }
  }

  static LinkFrame said(String word) {
    return LinkFrame.of(
        Envelope.newBuilder().setFailed(FailureReport.newBuilder().setMessage(word)).build());
  }

  static LinkFrame command(String code) {
    return LinkFrame.of(
        Envelope.newBuilder().setFailed(FailureReport.newBuilder().setCode(code)).build());
  }
}
