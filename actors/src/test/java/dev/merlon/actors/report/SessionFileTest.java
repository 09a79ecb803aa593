package dev.merlon.actors.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionFileTest {
  @TempDir private Path run;
  private final List<String> notes = new ArrayList<>();

  @Test
  void read_killedAndResumed_bothSessionsAndTheEndThatIsKnown() {
    session("merlon train demo").begin();
    SessionFile second = session("merlon train demo --resume");
    second.begin();
    second.end(RunSession.Outcome.DONE);
    second.end(RunSession.Outcome.FAILED);

    List<RunSession> sessions = SessionFile.read(new RunDirectory(run));

    assertThat(notes).isEmpty();
    assertThat(sessions.stream().map(RunSession::command))
        .containsExactly("merlon train demo", "merlon train demo --resume");
    assertThat(sessions.get(0).end()).isEmpty();
    assertThat(sessions.get(1).end().map(RunSession.End::outcome))
        .hasValue(RunSession.Outcome.DONE);
    assertThat(sessions.get(0).when()).matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d.* \\(.+\\)");
    assertThat(RunSession.duration(sessions)).startsWith("at least ").endsWith(" in 2 sessions");
  }

  @Test
  void end_neverBegun_writesNothing() {
    session("merlon train demo").end(RunSession.Outcome.FAILED);

    assertThat(run).isEmptyDirectory();
    assertThat(SessionFile.read(new RunDirectory(run))).isEmpty();
  }

  @Test
  void begin_unwritable_isNotedAndNoFailure() throws IOException {
    Files.createDirectory(run.resolve("sessions.jsonl"));

    session("merlon train demo").begin();

    assertThat(notes).singleElement().asString().contains("sessions.jsonl", "will not know");
  }

  @Test
  void read_damagedLine_namesIt() throws IOException {
    Path file = run.resolve("sessions.jsonl");
    session("merlon train demo").begin();
    Files.writeString(file, "{\"event\":\"other\"}\n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> SessionFile.read(new RunDirectory(run)))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("Line 2 of " + file);
  }

  private SessionFile session(String command) {
    return new SessionFile(new RunDirectory(run), command, "1.2.3", notes::add);
  }
}
