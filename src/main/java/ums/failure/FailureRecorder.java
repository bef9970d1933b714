package ums.failure;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import ums.channel.Failure;
import ums.message.MessageEvents.AttemptSettled;
import ums.message.MessageEvents.AttemptsSettled;
import ums.message.MessageEvents.LateSuccess;

/** Writes an open failure for each attempt that leaves something to a person, in the transaction that settles it. */
@Component
class FailureRecorder {

    private final TimeBasedEpochGenerator ids = Generators.timeBasedEpochGenerator();
    private final FailureRepository failures;
    private final Failures decisions;

    FailureRecorder(FailureRepository failures, Failures decisions) {
        this.failures = failures;
        this.decisions = decisions;
    }

    /** Not after the commit: a crash between the two would leave a message that nobody ever looks at. */
    @EventListener
    void onSettled(AttemptsSettled settled) {
        for (AttemptSettled each : settled.attempts()) {
            Failure error = each.toHandle();
            if (error != null) {
                failures.write(ids.generate(), each, error);
            }
        }
    }

    /** What a person was to decide has decided itself. */
    @EventListener
    void onLateSuccess(LateSuccess late) {
        decisions.close(late.id(), "LATE_SUCCESS");
    }
}
