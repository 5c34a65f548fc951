package dev.gatehouse.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bash offers with the script that {@code gatehouse completion} prints. */
@Timeout(120)
class CompletionTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void print() throws Exception {
    StringWriter script = new StringWriter();
    int exitCode =
        GatehouseCommand.commandLine("completion")
            .setOut(new PrintWriter(script, true))
            .execute("completion");
    assertThat(exitCode).isZero();
    Files.writeString(folder.resolve("script"), script.toString());
    Files.writeString(folder.resolve("tenants.csv"), "");
  }

  private static List<String> offered(List<String> words) throws Exception {
    String quoted = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    String asked =
        "source ./script; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_gatehouse; printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(quoted, words.size() - 1);
    Process bash =
        new ProcessBuilder("bash", "-c", asked)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(answer).isZero();
    return answer.lines().map(String::strip).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "gatehouse imp, import",
    "gatehouse import err, errors errors-export",
    "gatehouse import create --dr, --dry-run",
    "gatehouse import create --no, --no-wait",
    "gatehouse import create --type '', ndjson csv",
    "gatehouse import create --file ten, tenants.csv",
    "gatehouse import get --fol, --follow",
    "gatehouse subscription exp, export",
    "gatehouse subscription export --to, --to --to-file --token-file",
    "gatehouse tenant create --status a, active",
    "gatehouse tenant list --sort -up, -updatedAt",
    "gatehouse audit ver, verify"
  })
  void offers(String typed, String offered) throws Exception {
    List<String> words = List.of(typed.replace("''", "").split(" ", -1));
    assertThat(offered(words)).contains(offered.split(" ", -1));
  }

  @Test
  void isAScriptForBashAndZsh() throws Exception {
    assertThat(Files.readString(folder.resolve("script"))).contains("bashcompinit", "complete -F");
  }
}
