package ums.web.admin;

import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import ums.relay.Replays;
import ums.web.Problem;
import ums.web.ProblemException;

/** Publishes events again. */
@RestController
class RelayController {

    private final Replays replays;
    private final ReplayReader reader;

    RelayController(Replays replays, ReplayReader reader) {
        this.replays = replays;
        this.reader = reader;
    }

    /** Responds when the replay is stored; the relaying process then publishes the events. */
    @PostMapping(
            path = "/admin/relay/replay",
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    Replayed replay(@RequestBody byte[] body, Principal admin) {
        ReplayReader.Span span = reader.read(body);
        if (!replays.possible()) {
            throw new ProblemException(Problem.of(
                    HttpStatus.CONFLICT,
                    "KAFKA_NOT_CONFIGURED",
                    "There are no events without ums.kafka.bootstrap-servers."));
        }
        return new Replayed(replays.replay(span.from(), span.to(), admin.getName(), span.reason()));
    }

    /** How many events will be published again. */
    record Replayed(long replayed) {}
}
