import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Judges PDF files by PDF/A-3b, all of a test run in one process.
 *
 * <p>With file names as arguments it judges those. With none it listens on a free port of the loopback interface, prints
 * the port, and answers each line (a file name) with one line: {@code ok}, or the rules that are broken. It ends when the
 * process that the system property {@code owner} names has ended.
 */
public final class Validate {
    private static final PDFAFlavour FLAVOUR = PDFAFlavour.byFlavourId("3b");

    private Validate() {}

    public static void main(String[] names) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        VeraGreenfieldFoundryProvider.initialise();
        if (names.length == 0) {
            serve();
            return;
        }
        int status = 0;
        for (String name : names) {
            String verdict = judge(name);
            System.out.println(name + ": " + verdict);
            status = verdict.equals("ok") ? status : 1;
        }
        System.exit(status);
    }

    private static void serve() throws Exception {
        long owner = Long.parseLong(System.getProperty("owner"));
        ProcessHandle.of(owner).orElseThrow().onExit().thenRun(() -> Runtime.getRuntime().halt(0));
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            System.out.println(server.getLocalPort());
            while (true) {
                try (Socket socket = server.accept()) {
                    answer(socket);
                }
            }
        }
    }

    private static void answer(Socket socket) throws Exception {
        BufferedReader asked =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        PrintWriter answers =
            new PrintWriter(new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8), true);
        for (String name = asked.readLine(); name != null; name = asked.readLine()) {
            answers.println(judge(name));
        }
    }

    private static String judge(String name) {
        try (InputStream in = new FileInputStream(name);
            PDFAParser parser = Foundries.defaultInstance().createParser(in, FLAVOUR)) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(FLAVOUR, false);
            ValidationResult result = validator.validate(parser);
            return result.isCompliant() ? "ok" : broken(result);
        } catch (Exception | StackOverflowError | OutOfMemoryError error) {
            return "error: " + error.toString().replace('\n', ' ');
        }
    }

    /** Each broken rule once, with its first place. */
    private static String broken(ValidationResult result) {
        Map<String, String> rules = new TreeMap<>();
        for (TestAssertion one : result.getTestAssertions()) {
            if (one.getStatus() == TestAssertion.Status.FAILED) {
                String rule = one.getRuleId().getClause() + "-" + one.getRuleId().getTestNumber();
                rules.putIfAbsent(rule, one.getMessage() + " @ " + one.getLocation().getContext());
            }
        }
        return rules.toString().replace('\n', ' ');
    }
}
