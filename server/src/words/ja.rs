use super::{Help, PageWords, Span, Staff};

pub(super) static WORDS: PageWords = PageWords {
    help: Help {
        title: "メールソフトがタイムアウトする",
        lead: "原因がお手元にあるのかどうかと、そのあいだメールを読む方法をご案内します。",
        failing: |services| {
            format!(
                "{services} が応答していません。原因はサービス側にあり、お使いのパソコンやメールソフトに問題はありません。"
            )
        },
        failing_since: |service, since| format!("{service} ({since} から)"),
        slow: |services| {
            format!(
                "{services} の応答が遅くなっています。原因はサービス側にあり、お使いのパソコンやメールソフトに問題はありません。"
            )
        },
        spool: "メールの保存先が応答しないため、メールソフトは待たされ続けます。原因はサービス側にあり、お使いのパソコンやメールソフトに\
                問題はありません。",
        known: |services| {
            format!(
                "{services} の障害を把握しています (下のお知らせをご覧ください)。お使いのパソコンに問題はありません。"
            )
        },
        answering: |services| {
            format!(
                "{services} で応答しています。原因は、お手元からサーバーまでの経路かメールソフトにあると思われます。下の確認事項をご覧ください。"
            )
        },
        answering_in: |service, time| format!("{service} は {time}"),
        not_yet: "メールサーバーをまだ確認していません。1 分ほどしてから再読み込みしてください。",
        unwatched: "ここではメールサーバーを監視していないため、原因がどこにあるかは判断できません。",
        servers: "ここから見たメールサーバー",
        looks: |looks, failed| format!("直近 10 分の確認 {looks} 回のうち失敗 {failed} 回"),
        figures: |figures| format!("、p50 / p99 {figures}"),
        no_looks: "直近 10 分の確認なし",
        arrives: "メールは届いているか",
        newest: |at, ago| format!("受信箱の最新のメールは {at} ({ago}) に届きました。"),
        nothing: "受信箱にメールはありません。",
        read_now: "いまメールの保存先から読み取りました。",
        as_known: |at| {
            format!(
                "分かっている範囲の内容です。メールの保存先が応答しないため、{at} に確認した時点のものを表示しています。その後に届いたメールも\
                 失われてはおらず、復旧しだい表示されます。"
            )
        },
        unreadable: "いまはメールボックスを読み取れません。空になったわけではなく、メールは失われていません。",
        signed_out: "サインインすると、最新のメールがいつ届いたかを確認できます。",
        sign_in: "サインインしてこのページに戻る",
        who_knows: "いまはサインイン済みかどうかを確認できません。メールは失われていません。しばらくしてからもう一度お試しください。",
        ago: |seconds| match Span::of(seconds) {
            Span::Moments => "1 分以内".to_owned(),
            Span::Minutes(n) => format!("{n} 分前"),
            Span::Hours(n) => format!("{n} 時間前"),
            Span::Days(n) => format!("{n} 日前"),
        },
        to_do: "メールソフトを使わずに続けるには",
        read_here: "ここでメールを読む",
        export: "受信箱をダウンロードする",
        export_hint: "メールソフトに取り込める 1 つのファイル (mbox) です。保存先が応答しないあいだもダウンロードでき、取得できなかったものは\
                      末尾に記されます。",
        check: "メールソフトの確認事項",
        check_network: "ほかのサイトは開けますか。学外では、ファイアウォールや VPN がメールの通信を遮っていることがあります。",
        check_password: "最近パスワードを変更しましたか。メールソフトにも新しいパスワードを設定してください。",
        check_restart: "メールソフトを終了して、もう一度起動してください。止まったままの接続が作り直されます。",
        check_settings: "正しいサーバーの設定は次のとおりです。",
        server: |service, host, port| format!("{service}: {host} (ポート {port})"),
        contact: |contact| format!("お問い合わせ: {contact}"),
    },
    staff: Staff {
        title: "障害情報の掲示",
        lead: "ここで掲示した内容は、すぐに全員に表示されます (続いているあいだはすべてのページ、稼働状況のページ、フィード)。",
        none: "ありません。",
        change: "続報・終了",
        back: "障害情報の一覧",
        by: |name| format!("掲示: {name}"),
        open_new: "新しく掲示する",
        so_far: "これまでの掲示",
        tell_more: "続報を掲示する",
        severity: "程度",
        affects: "対象のサービス",
        ja: "日本語の本文",
        en: "英語の本文",
        from: "開始日時 (予定の場合)",
        until: "終了見込み (分かる場合)",
        times: |zone| format!("日時は {zone} のものです (設定で変更できます)。"),
        open: "掲示する",
        update: "掲示する",
        close: "終了にする",
        close_hint: "終了にするときは、本文は空のままでもかまいません。",
        opened: "掲示しました。",
        updated: "続報を掲示しました。",
        closed: "終了にしました。",
        not_told: "まだ掲示していません。",
        meanwhile: "入力中に、ほかの担当者が続報を掲示したか終了にしました。現在の内容を上に表示しています。ご確認のうえ、必要であればもう一度\
                    送信してください。",
        bad_length: |most| format!("本文は日本語・英語とも 1 〜 {most} 文字で入力してください。"),
        bad_control: "本文に表示できない文字が含まれています。",
        bad_time: "日時を 2026-12-01T18:00 の形で入力してください。",
        bad_order: "終了見込みは開始日時より後にしてください。",
        bad_severity: "程度を選んでください。",
        bad_service: "そのようなサービスはありません。",
        bad_database: "いまはデータベースに書き込めません。入力内容はそのまま残っています。もう一度お試しください。",
        read_only: "このセッションでは変更できません。",
    },
    expected: |until| format!("終了見込み: {until}"),
};
