"""`python3 deploy/launch <verb>`: what the Makefile calls. Nothing but the standard library is needed."""

import sys

from environment import Refusal


def main() -> int:
    from testing import TEST_VERBS
    from verbs import VERBS, run

    verb, arguments = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    try:
        if verb in TEST_VERBS:
            return TEST_VERBS[verb](arguments)
        if verb in VERBS:
            run(verb, arguments)
            return 0
        print(f"verbs: {', '.join([*VERBS, *TEST_VERBS])}", file=sys.stderr)
        return 64
    except Refusal as refusal:
        print(f"\n{refusal}", file=sys.stderr)
        return refusal.code
    except BrokenPipeError:
        sys.stdout = None  # whoever read us has gone; nothing more can be said
        return 141
    except OSError as error:
        print(f"\n{error.filename or 'A file'}: {error.strerror or error}", file=sys.stderr)
        return 74
    except KeyboardInterrupt:
        return 130


sys.exit(main())
