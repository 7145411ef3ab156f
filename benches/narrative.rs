//! How fast prose is read, in bytes of text per second on one core.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use huizong::document::Place;
use huizong::narrative::{Passage, Reader};
use std::hint::black_box;

/// A made-up overview with the usual share of talk and figures.
const OVERVIEW: &str = "\
2023年，栖枫街道坚持以公开促落实、促规范、促服务，认真贯彻上级关于政务公开工作的部署要求，不断健全工作机制，拓宽公开渠道，\
细化公开内容，政府信息公开工作稳步推进，现将有关情况报告如下。街道党工委、办事处高度重视，把政务公开纳入重要议事日程，\
形成主要领导亲自抓、分管领导具体抓、各科室协同配合的工作格局。进一步完善信息发布审核制度，严格落实保密审查要求，\
做到先审查、后公开，确保公开信息真实、准确、完整。围绕群众关心的就业、教育、医疗、养老等重点领域，及时公开办事指南和惠民政策，\
方便群众查询。全年通过政府门户网站主动公开政府信息318条，“栖枫之声”微信公众号推送图文消息1,206条，更新居务公开栏24块。\
紧扣群众需求，创新解读形式，采用图文、问答等方式对重要政策进行通俗易懂的解读，提升政策知晓度。发布政策解读材料16篇。\
畅通诉求反映渠道，健全受理、转办、督办、反馈闭环机制，推动解决了一批群众身边的操心事、烦心事。\
12345热线全年转办我街道工单2318件，办结2306件，按时办结率99.5%，群众满意率97.8%。\
规范依申请公开办理流程，加强与申请人的沟通，依法保障公众知情权。本年度新收政府信息公开申请9件，上年结转1件，均已按期答复，\
未发生因政府信息公开引发的行政复议和行政诉讼。加强队伍建设，定期组织业务学习，不断提升工作人员能力水平。\
组织政务公开培训3次，参训人员120人次。虽然取得了一定成绩，但与上级要求和群众期盼相比还有差距，需要在今后的工作中认真加以改进。";

fn reading(criterion: &mut Criterion) {
    let config = include_str!("../config/narrative.toml");
    let reader = match Reader::parse(config) {
        Ok(reader) => reader,
        Err(error) => panic!("config/narrative.toml: {error}"),
    };
    let passages: Vec<Passage<'_>> = (0..200).map(|line| Passage { text: OVERVIEW, at: Place::line(line + 1), section: "overview", heading: false }).collect();
    let mut group = criterion.benchmark_group("narrative");
    group.sample_size(20);
    group.throughput(Throughput::Bytes((OVERVIEW.len() * passages.len()) as u64));
    group.bench_function("read", |bencher| bencher.iter(|| reader.read(black_box(&passages), 2023)));
    let long = OVERVIEW.replace('。', "，").repeat(200);
    let sentence = [Passage { text: &long, at: Place::line(1), section: "overview", heading: false }];
    group.throughput(Throughput::Bytes(long.len() as u64));
    group.bench_function("one_sentence", |bencher| bencher.iter(|| reader.read(black_box(&sentence), 2023)));
    group.finish();
}

criterion_group!(benches, reading);
criterion_main!(benches);
